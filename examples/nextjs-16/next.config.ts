import { join } from 'node:path';
import type { NextConfig } from 'next';

const nextConfig: NextConfig = {
  // The folder of the lock file, and of the users that the examples share.
  turbopack: { root: join(import.meta.dirname, '..') },
};

export default nextConfig;
