/** Where the command line prints to, and in which colours. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
  /** Whether what is printed to `out` may have colours; by default it has none. */
  colour?: boolean;
}

const STYLES = { bold: 1, red: 31, green: 32, yellow: 33 };

export function paint(output: Output, style: keyof typeof STYLES, text: string): string {
  return output.colour === true ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}
