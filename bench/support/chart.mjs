/** One bar chart a table, and the sentence that says what it means. */
import { mkdirSync, writeFileSync } from 'node:fs';
import * as echarts from 'echarts';

const COLOURS = ['#1f6feb', '#8cb4f5', '#f0a500'];
const [PAPER, INK, LINE] = ['#ffffff', '#24292f', '#d0d7de'];
/** It brings its own paper, so that it is readable on either page, whatever the reader's system says. */
const DARK = `<style>@media (prefers-color-scheme: dark) { [fill="${PAPER}"] { fill: #0d1117 } [fill="${INK}"] { fill: #e6edf3 } [stroke="${LINE}"] { stroke: #30363d } }</style>`;
const WIDTH = 860;
const LETTER = 7.5;

let folder;

/** Where the charts go from now on, beside the page that shows them. */
export function drawInto(url) {
  folder = new URL('charts/', url);
  mkdirSync(folder, { recursive: true });
}

/**
 * Draws `charts/<name>.svg`, and gives the Markdown that shows it.
 *
 * @param labels One a row.
 * @param series What is drawn in each row: a name, and one value a row.
 * @param digits Of a value as it is printed.
 * @param meaning What it means for a login, in one sentence.
 */
export function barChart(name, title, { labels, series, digits = 0, meaning }) {
  const height = 100 + labels.length * (12 + 13 * series.length);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const text = { color: INK };
  const lines = { lineStyle: { color: LINE } };
  chart.setOption({
    animation: false,
    backgroundColor: PAPER,
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif', ...text },
    title: { text: title, left: 8, top: 8, textStyle: { fontSize: 14, ...text } },
    legend: { show: series.length > 1, top: 32, left: 8, itemGap: 40, textStyle: text },
    // Nothing here knows how wide a letter will be in the reader's font.
    grid: { left: Math.max(...labels.map(({ length }) => length)) * LETTER, right: 70, bottom: 30 },
    xAxis: { type: 'value', axisLabel: text, splitLine: lines },
    yAxis: {
      type: 'category',
      data: labels,
      inverse: true,
      axisTick: { show: false },
      axisLabel: text,
      axisLine: lines,
    },
    series: series.map(({ label, values }) => ({
      type: 'bar',
      name: label,
      data: values,
      barGap: '10%',
      label: {
        show: true,
        position: 'right',
        fontSize: 10,
        ...text,
        formatter: ({ value }) => value.toFixed(digits),
      },
    })),
  });
  // In a page the picture is an image: nothing hovers over it, but somebody may have it read out.
  const svg = chart
    .renderToSVGString()
    .replace(/<style >.*?<\/style>\n/s, '')
    // Of that style sheet, and numbered by the process.
    .replaceAll(/ class="zr[^"]*"/g, '')
    .replace('>', `><title>${title}</title>${DARK}`);
  chart.dispose();
  writeFileSync(new URL(`${name}.svg`, folder), `${svg}\n`);
  return `![${title}](charts/${name}.svg)\n\n*${meaning}*`;
}
