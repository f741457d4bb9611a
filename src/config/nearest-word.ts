/** What somebody may have meant. */

/** The word that differs least, by a slip or two; `undefined` when none is near. */
function nearestWord(word: string, known: readonly string[]): string | undefined {
  const slips = Math.min(2, Math.floor(word.length / 3));
  const distances = known.map((candidate) => distanceOf(word, candidate));
  const least = Math.min(...distances);
  return least <= slips ? known[distances.indexOf(least)] : undefined;
}

/** ` Did you mean …?`, to go between two sentences; empty when no word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearestWord(word, known);
  return meant === undefined ? '' : ` Did you mean ${meant}?`;
}

/** How many letters are to be put in, left out, exchanged, or swapped with the next one. */
function distanceOf(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? 0;
}
