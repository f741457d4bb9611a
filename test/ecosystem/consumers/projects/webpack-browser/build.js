import { promisify } from 'node:util';
import webpack from 'webpack';

const context = import.meta.dirname;
const stats = await promisify(webpack)({
  context,
  entry: './app.js',
  target: 'web',
  mode: 'production',
  performance: false,
  output: { path: `${context}/built`, filename: 'app.js' },
});

if (stats.hasErrors() || stats.hasWarnings()) {
  console.log(stats.toString());
  process.exitCode = 1;
}
