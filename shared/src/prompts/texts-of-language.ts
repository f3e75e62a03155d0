import type { PromptId } from '../center-events.ts';

/** What each prompt says in one language. Those that begin in lower case follow a number: `101` – `is now on this phone.` */
export type PromptTexts = Readonly<Record<PromptId, string>>;
