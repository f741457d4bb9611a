import { sentiance } from './lib/sentiance';

export function register(): void {
  sentiance();
}
