import { Part } from '../../state/page/part.svelte.ts';

/**
 * What the page of a phone does not show at first, in the order in which it is loaded. What a call needs is never among it: who calls,
 * answering, the call itself and the Virtualization Center are there before the phone is ready.
 */
export const parts = {
  system: new Part(() => import('./late-errands.ts')),
  stationCode: new Part(() => import('../station/station-code.svelte')),
  miniPhone: new Part(() => import('./mini/pop-out.svelte')),
  voicemail: new Part(() => import('./mailbox/live-mailbox.svelte')),
  people: new Part(() => import('./people/live-people.svelte')),
  meantPeople: new Part(() => import('./stage/meant-people.svelte')),
  history: new Part(() => import('./history/live-history.svelte')),
  transfer: new Part(() => import('./calls/transfer-panel.svelte')),
  settings: new Part(() => import('./settings/settings-dialog.svelte')),
  shortcuts: new Part(() => import('./settings/shortcuts-dialog.svelte')),
  claims: new Part(() => import('./stage/live-claims.svelte')),
  stayEnd: new Part(() => import('./stage/live-stay-end.svelte')),
  firstRun: new Part(() => import('../phone/first-run-dialog.svelte')),
};
