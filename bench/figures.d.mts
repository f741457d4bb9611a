export function pagesWithFigures(): string[];
export function figuresIn(page: string): { name: string; text: string }[];
export function figuresOf(results: unknown): Record<string, string>;
