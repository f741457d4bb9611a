/** One bar chart a table. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as echarts from 'echarts';

const folder = fileURLToPath(new URL('../charts/', import.meta.url));
const COLOURS = ['#1f6feb', '#8cb4f5', '#f0a500'];
const WIDTH = 860;
const LETTER = 7.5;

/**
 * Draws `charts/<name>.svg`, and gives the Markdown that shows it.
 *
 * @param labels One a row.
 * @param series What is drawn in each row: a name, and one value a row.
 * @param digits Of a value as it is printed.
 */
export function barChart(name, title, { labels, series, digits = 0 }) {
  const height = 100 + labels.length * (12 + 13 * series.length);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif' },
    title: { text: title, left: 8, top: 8, textStyle: { fontSize: 14 } },
    legend: { show: series.length > 1, top: 32, left: 8, itemGap: 40 },
    // Nothing here knows how wide a letter will be in the reader's font.
    grid: { left: Math.max(...labels.map(({ length }) => length)) * LETTER, right: 70, bottom: 30 },
    xAxis: { type: 'value' },
    yAxis: { type: 'category', data: labels, inverse: true, axisTick: { show: false } },
    series: series.map(({ label, values }) => ({
      type: 'bar',
      name: label,
      data: values,
      barGap: '10%',
      label: {
        show: true,
        position: 'right',
        fontSize: 10,
        formatter: ({ value }) => value.toFixed(digits),
      },
    })),
  });
  mkdirSync(folder, { recursive: true });
  // In a page the picture is an image: nothing hovers over it, but somebody may have it read out.
  const svg = chart
    .renderToSVGString()
    .replace(/<style >.*?<\/style>\n/s, '')
    .replace('>', `><title>${title}</title>`);
  chart.dispose();
  writeFileSync(`${folder}${name}.svg`, `${svg}\n`);
  return `![${title}](charts/${name}.svg)`;
}
