/** Waits that take no time, and time that passes when the test says so. */
import { onTestFinished, vi } from 'vitest';

/** Retries follow at once, where a test is not about the waits. */
export function withoutBackoff(): void {
  vi.spyOn(Math, 'random').mockReturnValue(0);
}

/** From here to the end of the test the clock stands still unless it is told to go. */
export function holdTheClock(options?: Parameters<typeof vi.useFakeTimers>[0]): void {
  vi.useFakeTimers(options);
  onTestFinished(() => void vi.useRealTimers());
}
