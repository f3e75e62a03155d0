import * as organizations from './001-organizations.ts';
import * as extensions from './002-extensions.ts';
import * as terminals from './003-terminals.ts';
import * as administrators from './004-administrators.ts';
import * as virtualizations from './005-virtualizations.ts';
import * as virtualizationRecords from './006-virtualization-records.ts';
import * as voicemailSettings from './007-voicemail-settings.ts';
import * as voicemail from './008-voicemail.ts';
import * as enrolledBrowsers from './009-enrolled-browsers.ts';
import * as tidyNames from './010-tidy-names.ts';
import * as terminalIds from './011-terminal-ids.ts';
import * as guessingBuckets from './012-guessing-buckets.ts';
import * as people from './013-people.ts';
import * as personLinks from './014-person-links.ts';
import * as audit from './015-audit.ts';
import * as deskStays from './020-desk-stays.ts';
import * as stayTimes from './040-stay-times.ts';
import * as timeZones from './041-time-zones.ts';
import * as staysByTerminal from './042-stays-by-terminal.ts';
import * as secondFactors from './050-second-factors.ts';
import * as identities from './051-identities.ts';
import * as apiTokens from './052-api-tokens.ts';
import * as provenTokens from './053-proven-tokens.ts';
import * as places from './060-places.ts';
import * as stayLimits from './061-stay-limits.ts';
import * as locks from './062-locks.ts';
import * as retention from './063-retention.ts';
import * as callBack from './070-call-back.ts';
import * as erasures from './080-erasures.ts';
import * as webhooks from './081-webhooks.ts';
import * as doNotDisturb from './090-do-not-disturb.ts';
import * as ownThings from './093-own-things.ts';
import * as push from './096-push.ts';
import * as staysByEnd from './100-stays-by-end.ts';
import * as auditByTime from './101-audit-by-time.ts';
import * as attemptsByTime from './102-attempts-by-time.ts';
import * as languages from './115-languages.ts';
import * as stationPins from './120-station-pins.ts';
import * as helpCalls from './121-help-calls.ts';
import * as pinGuesses from './125-pin-guesses.ts';
import * as kiosks from './126-kiosks.ts';
import * as mailboxPinGuesses from './130-mailbox-pin-guesses.ts';

/** `perch.db`, in the order in which it grew. */
export const organizationMigrations = {
  '001-organizations': organizations,
  '002-extensions': extensions,
  '003-terminals': terminals,
  '004-administrators': administrators,
  '005-virtualizations': virtualizations,
  '006-virtualization-records': virtualizationRecords,
  '007-voicemail-settings': voicemailSettings,
  '008-voicemail': voicemail,
  '009-enrolled-browsers': enrolledBrowsers,
  '010-tidy-names': tidyNames,
  '011-terminal-ids': terminalIds,
  '012-guessing-buckets': guessingBuckets,
  '013-people': people,
  '014-person-links': personLinks,
  '015-audit': audit,
  '020-desk-stays': deskStays,
  '040-stay-times': stayTimes,
  '041-time-zones': timeZones,
  '042-stays-by-terminal': staysByTerminal,
  '050-second-factors': secondFactors,
  '051-identities': identities,
  '052-api-tokens': apiTokens,
  '053-proven-tokens': provenTokens,
  '060-places': places,
  '061-stay-limits': stayLimits,
  '062-locks': locks,
  '063-retention': retention,
  '070-call-back': callBack,
  '080-erasures': erasures,
  '081-webhooks': webhooks,
  '090-do-not-disturb': doNotDisturb,
  '093-own-things': ownThings,
  '096-push': push,
  '100-stays-by-end': staysByEnd,
  '101-audit-by-time': auditByTime,
  '102-attempts-by-time': attemptsByTime,
  '115-languages': languages,
  '120-station-pins': stationPins,
  '121-help-calls': helpCalls,
  '125-pin-guesses': pinGuesses,
  '126-kiosks': kiosks,
  '130-mailbox-pin-guesses': mailboxPinGuesses,
};
