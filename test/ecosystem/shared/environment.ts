import { delimiter, dirname } from 'node:path';

/**
 * The environment of a customer's project: this Node first, and nothing of this repository, whose
 * own tools `npm run` puts into the path, nor a key or a region of whoever runs this.
 */
export function customerEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '', HOME, TMPDIR } = process.env;
  const tools = PATH.split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return {
    PATH: [dirname(process.execPath), ...tools].join(delimiter),
    CI: 'true',
    NO_COLOR: '1',
    ...(HOME === undefined ? {} : { HOME }),
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
  };
}

/** The same, with what npm needs to reach its registry: proxy, certificates, its own settings. */
export function npmEnvironment(): NodeJS.ProcessEnv {
  const network = /^(https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_(file|dir))$/i;
  // But for those of the one command that started this, when that was npx.
  const settings = /^npm_config_(?!(local_prefix|call|package)$)/i;
  const passedOn = Object.entries(process.env).filter(
    ([name]) => network.test(name) || settings.test(name),
  );
  return { ...Object.fromEntries(passedOn), ...customerEnvironment() };
}
