/** Figures in words: what the readings below the tables are made of. */
import { CONTENDERS, labelOf, OURS } from '../contenders/index.mjs';

export const round = (value, digits = 0) => value.toFixed(digits);

/** `1.10 to 1.25`, or the one value when both print the same. */
export function span(values, digits) {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => round(v, digits));
  return low === high ? low : `${low} to ${high}`;
}

/** `a, b and c`; `nobody` of none. */
export function list(names) {
  if (names.length === 0) return 'nobody';
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export const everybodyElse = CONTENDERS.map(({ id }) => id).filter((id) => id !== OURS);

/** Closer than this is no difference that a noisy machine could show. */
const SAME = 0.03;

/**
 * Who does better than we in every one of some measurements, who worse, and who it depends.
 *
 * @param measurements Each gives a contender's figure; the smaller the better.
 */
export function compare(measurements) {
  const ratios = (id) => measurements.map((figure) => figure(id) / figure(OURS));
  const those = (test) => everybodyElse.filter((id) => ratios(id).every(test)).map(labelOf);
  const better = those((ratio) => ratio < 1 - SAME);
  const worse = those((ratio) => ratio > 1 + SAME);
  const others = everybodyElse
    .map(labelOf)
    .filter((l) => !better.includes(l) && !worse.includes(l));
  return { better, worse, others };
}

export function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
