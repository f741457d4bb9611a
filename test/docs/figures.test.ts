/** The figures that pages show are those that `npm run bench` measured last. */
import { describe, expect, test } from 'vitest';
import { figuresIn, figuresOf, pagesWithFigures } from '../../bench/figures.mjs';
import results from '../../bench/results.json';
import { numbersStated, stated } from '../support/markdown.js';
import { readPage, sectionOf } from '../support/pages.js';

const PERFORMANCE = 'docs/performance.md';
const measured = figuresOf(results);

describe('the figures that are marked', () => {
  test.each(pagesWithFigures())('in %s', (path) => {
    const shown = figuresIn(readPage(path));
    expect(shown).toEqual(shown.map(({ name }) => ({ name, text: measured[name] })));
  });

  test('are all of those on performance', () => {
    const shown = figuresIn(readPage(PERFORMANCE)).map(({ name }) => name);
    const unused = Object.keys(measured).filter((name) => !shown.includes(name));
    expect(unused).toEqual(['size.installed', 'slow.p99', 'long-tail.served']);
  });
});

test('what a fleet sends in an outage that lasts', () => {
  const scale = sectionOf(PERFORMANCE, 'Scale, on paper');
  const base = Number(stated(scale, /sees ([\d.]+) \+ 10 × processes/));
  const [aSecond = 0] = numbersStated(scale, /[\d.]+ \+ (\d+) × processes/);
  const [most = 0] = numbersStated(scale, /never more than (\d+)/);
  const rows = results.fleet.data.rows;

  expect(rows.length).toBeGreaterThan(0);
  for (const { processes, rate, late } of rows) {
    const told = Math.min(base + (aSecond * processes) / rate, most);
    expect(Math.abs(late - told)).toBeLessThan(0.02 * told);
  }
});
