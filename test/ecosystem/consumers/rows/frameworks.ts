/** Where a server's code runs in somebody else's. */
import { NODE_24 } from '../packages.js';
import type { ConsumerRow } from '../row.js';

const NEXT = {
  13: { next: '13.5.11', react: '18.3.1', 'react-dom': '18.3.1' },
  14: { next: '14.2.35', react: '18.3.1', 'react-dom': '18.3.1' },
  15: { next: '15.5.29', react: '19.2.0', 'react-dom': '19.2.0' },
  16: { next: '16.4.6', react: '19.2.0', 'react-dom': '19.2.0' },
};

export const FRAMEWORKS: readonly ConsumerRow[] = [
  {
    name: 'miniflare',
    what: 'Miniflare 4: a Worker shares its client between requests, at four compatibility dates',
    install: { miniflare: '4.20260730.0', esbuild: '0.28.2', ...NODE_24 },
    project: ['cloudflare-worker'],
  },
  ...Object.entries(NEXT).map(
    ([major, install]): ConsumerRow => ({
      name: `nextjs-${major}`,
      what: `Next.js ${major}: no login gets the code of another, in next dev and next start`,
      install,
      project: ['nextjs'],
      slow: true,
    }),
  ),
];
