import { createContext } from 'svelte';
import type { Phone } from './phone.svelte.ts';

/** The phone of this page, for the components of a page; those of `ui/` get plain values. */
export const [getPhone, setPhone] = createContext<Phone>();
