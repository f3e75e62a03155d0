const built: unknown = import.meta.env['PERCH_VERSION'];

/** Of Perch, as this page was built (`vite.config.ts`); empty in tests. */
export const VERSION = typeof built === 'string' ? built : '';
