import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
/** What only the pages of management use, and no phone ever loads. */
const MANAGEMENT =
  /client\/src\/(pages\/admin|state\/admin|phone\/(records|floor)|ui\/lists)\/|shared\/src\/management\/|shared\/src\/api\/(?!api-|own-|terminal-)/;
/** What only phones, or only their dialogs and switches need, or these and management. */
const PARTS =
  /node_modules\/(bits-ui|tabbable|svelte-toolbelt|runed|style-to-object|inline-style-parser|jssip|sdp-transform|events|debug|ms)\/|\/ui\/(dialog|switch|select|search-field|copy-field|field|one-field-form|refusal|front-page|card|file-link|language-choice|telephone\/(check\/|forwards-form)|voicemail\/pin-entry)|\/state\/(check|system)\/|\/phone\/check\/findings|\/src\/sip\/|\/pages\/(?!late-part)/;
/** What phones say to the server in their late parts, and management has with all of the API. */
const LATE_API = /shared\/src\/(api\/(station-codes|push)-api|call-notice)/;

/** What a page begins with, before all that it shares with others is there. */
const START =
  /vite\/preload-helper|rolldown\/runtime|client\/src\/(next-task|world\/timers|api\/terminal-key)/;

/** Where it is in the repository, wherever that is: a folder around it may be called `pages`, or end like a package. */
const placeOf = (module: string): string =>
  module.startsWith(REPOSITORY) ? module.slice(REPOSITORY.length - 1) : module;
const isLateApi = (module: string): boolean => LATE_API.test(placeOf(module));
const isPart = (module: string): boolean => PARTS.test(placeOf(module)) || isLateApi(module);

/** Which modules that several pages or parts of them use come in one file (`codeSplitting` of Rolldown). */
export function sharedFiles(): { name: string; minShareCount: number; test: (module: string) => boolean }[] {
  const isForManagement = (module: string): boolean => MANAGEMENT.test(placeOf(module));
  return [
    { name: 'start', minShareCount: 2, test: (module) => START.test(placeOf(module)) },
    // Each comes with what it needs that is in none before it.
    { name: 'base', minShareCount: 2, test: (module) => !isForManagement(module) && !isPart(module) },
    { name: 'late-api', minShareCount: 2, test: isLateApi },
    {
      name: 'management',
      minShareCount: 2,
      test: (module) => isForManagement(module) && !isPart(module),
    },
  ];
}
