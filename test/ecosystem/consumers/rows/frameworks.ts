/** Frameworks that put a fetch of their own in place of the runtime's. */
import type { ConsumerRow } from '../row.js';

const NEXT = {
  13: { next: '13.5.11', react: '18.3.1', 'react-dom': '18.3.1' },
  14: { next: '14.2.35', react: '18.3.1', 'react-dom': '18.3.1' },
  15: { next: '15.5.29', react: '19.2.0', 'react-dom': '19.2.0' },
  16: { next: '16.4.6', react: '19.2.0', 'react-dom': '19.2.0' },
};

export const FRAMEWORKS: readonly ConsumerRow[] = Object.entries(NEXT).map(([major, install]) => ({
  name: `nextjs-${major}`,
  what: 'no login gets the code of another: routes, an action, a page; next dev and next start',
  install,
  project: ['nextjs'],
  slow: true,
}));
