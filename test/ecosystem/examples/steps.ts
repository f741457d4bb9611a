/** Things that are checked one after the other, each with a sentence of its own. */
import type { Check } from '../shared/run-matrix.js';

/** Only against what hangs. */
const TIME_LIMIT = 200_000;

export type Steps = Readonly<Record<string, () => void | Promise<void>>>;

/** Takes every step, whatever became of the one before. */
export async function takeSteps(group: string, steps: Steps): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const [title, step] of Object.entries(steps)) {
    try {
      await withinLimit(step);
      checks.push({ group, title });
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      checks.push({ group, title, error: text });
    }
  }
  return checks;
}

async function withinLimit(step: () => void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took ${TIME_LIMIT} ms.`)), TIME_LIMIT);
  });
  try {
    await Promise.race([step(), over]);
  } finally {
    clearTimeout(timer);
  }
}
