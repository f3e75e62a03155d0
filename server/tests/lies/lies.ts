import { CROSS_SITE } from './cross-site.ts';
import { DISCLOSURE } from './disclosure.ts';
import { FORGERY } from './forgery.ts';
import { HIJACK } from './hijack.ts';
import { INJECTION } from './injection.ts';
import type { Lie } from './lie.ts';

/** All of them, the one last after which this machine cannot sign in for a minute. */
export const LIES: readonly Lie[] = [...FORGERY, ...HIJACK, ...INJECTION, ...CROSS_SITE, ...DISCLOSURE];
