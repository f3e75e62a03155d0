import type { Rights } from '@perch/shared';

/** For tests: what an administrator may do. */
export const ADMINISTRATOR: Rights = { roles: ['administrator'], extension: null, groups: null };
