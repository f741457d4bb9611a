/** Vitest as in `npm test`, but with the leak in the source that `LEAK` in the environment names. */
import { mergeConfig, type Plugin } from 'vitest/config';
import config from '../../vitest.config.js';
import { LEAKS, type Leak } from './leaks.js';

const leak = LEAKS.find(({ title }) => title === process.env.LEAK);
if (leak === undefined) throw new Error('LEAK in the environment names no leak.');

export default mergeConfig(config, {
  plugins: [withLeak(leak)],
  test: { typecheck: { enabled: false } },
});

function withLeak({ file, line, leakyLine }: Leak): Plugin {
  return {
    name: 'with-leak',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/src/${file}`)) return undefined;
      if (code.split(line).length !== 2) throw new Error(`src/${file} has no single "${line}".`);
      return code.replace(line, () => leakyLine);
    },
  };
}
