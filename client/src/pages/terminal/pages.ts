/** Everything that a phone needs, loaded as one. */
export { default as Phone } from '../phone/phone.svelte';
export { default as Station } from '../station/station.svelte';
export { default as Terminal } from './terminal.svelte';
