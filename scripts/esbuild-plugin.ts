import type { Options } from 'tsup';

/** esbuild's plugin type as tsup hands it on: esbuild itself is not a dependency of this project. */
export type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];
