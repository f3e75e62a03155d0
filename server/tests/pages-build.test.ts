import { fileURLToPath } from 'node:url';
import { resolveConfig } from 'vite';
import { afterEach, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../../client', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
});

test.for(['production', 'development', 'test', ''])(
  'the pages are built for people where NODE_ENV is %j',
  async (environment) => {
    vi.stubEnv('NODE_ENV', environment);
    const { isProduction, env } = await resolveConfig({ root, logLevel: 'silent' }, 'build');
    expect({ isProduction, DEV: env['DEV'] as unknown }).toEqual({ isProduction: true, DEV: false });
  },
);
