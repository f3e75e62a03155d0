import { callId, type ExtensionId } from '@perch/shared';
import { createUserAgent } from '../sip/user-agent/user-agent.ts';
import { guardedClock } from '../world/guarded-clock.ts';
import { BarredFlows } from './flows/barred-flows.ts';
import { Book } from './book/book.ts';
import { BookChanges } from './book/changes.ts';
import type { BookCommand } from './contract/commands.ts';
import { HelpCalls } from './call/admission/help-calls.ts';
import { createCalls } from './call/calls.ts';
import type { ExchangePorts } from './exchange-ports.ts';
import { DialogEvents } from './dialog-info/dialog-events.ts';
import { LadderDesk } from './ladder/ladder-desk.ts';
import { Ladders } from './ladder/ladders.ts';
import { Languages } from './languages.ts';
import { LimitedStays } from './limits/limited-stays.ts';
import { MessageWaiting } from './message-waiting/message-waiting.ts';
import { OrganizationView } from './pages/organization-view.ts';
import { OwnThings } from './own/own-things.ts';
import { PageTopics } from './pages/page-topics.ts';
import { Pages } from './pages/pages.ts';
import { PageFaults } from './pages/page-faults.ts';
import { KioskMode } from './pages/kiosk-mode.ts';
import { PageConditions } from './pages/page-conditions.ts';
import { ShiftChecks } from './pages/shift-checks.ts';
import { Reactions } from './reactions.ts';
import { createRegistrar } from './registrar/registrar.ts';
import { SipDoor } from './flows/sip-door.ts';
import { StationCodes } from './station-codes/station-codes.ts';
import { VirtualizationDesk } from './virtualization-desk.ts';
import { openServices } from './services/registry.ts';
import { Voicemail } from './voicemail/voicemail.ts';

export type Rooms = Awaited<ReturnType<typeof openRooms>>;

/** Opens the books, joins the rooms, then takes up the calls that were under way when the books were last closed. */
export async function openRooms(ports: ExchangePorts) {
  const reactions = new Reactions();
  const { happened } = reactions;
  const { organization, verifySecret, chance, media: engine, noAnswerMs, pushMessages, journal } = ports;
  const book = await Book.open({ organization, store: ports.book, verifySecret, happened });
  const { directory } = book;
  const clock = guardedClock(ports.clock, (error) => happened({ kind: 'failed', error }));
  const given = { directory, happened, clock, chance, engine, journal };
  const where = await VirtualizationDesk.open({ ...given, secretCodes: book, store: ports.virtualizations });
  const languages = new Languages({ directory, happened });
  const voicemail = await Voicemail.open({ ...given, ...ports.voicemail, pins: book.voicemailPins, where });
  const { domain } = organization;
  const ladders = new Ladders({ ...given, where, board: ports.ladderBoard });
  const door = new SipDoor(happened, ladders);
  const userAgent = createUserAgent({ domain, clock, random: chance, listener: door });
  const ladderDesk = new LadderDesk({ ladders, directory, userAgent });
  const phones = createRegistrar({ clock, userAgent, domain, toTag: chance.token(), happened });
  /** A change that somebody has dialled: is it durable and in force? */
  const dial = async (extension: ExtensionId, change: (number: string) => BookCommand): Promise<boolean> => {
    const number = directory.byId(extension)?.number;
    if (number === undefined) return false;
    return changes.carryOut(change(number)).then(
      ({ kind }) => kind === 'done',
      (error: unknown) => {
        happened({ kind: 'failed', error });
        return false;
      },
    );
  };
  const services = openServices({
    ...given,
    ...voicemail.rooms,
    where,
    languages,
    desk: where,
    setDoNotDisturb: (extension, on) =>
      dial(extension, (number) => ({ kind: 'dial-do-not-disturb', number, on })),
    setForward: (extension, always) =>
      dial(extension, (number) => ({ kind: 'dial-forward', number, always })),
  });
  const records = { store: ports.calls, whereabouts: where };
  const ids = { newId: () => callId(chance.id()) };
  const helpCalls = await HelpCalls.open({ ...given, store: ports.helpCalls });
  const calls = createCalls({
    ...given,
    ...ids,
    ...records,
    helpCalls,
    languages,
    phones,
    userAgent,
    services,
    noAnswerMs,
    pushMessages,
  });
  const checks = new ShiftChecks(given);
  const faults = new PageFaults(given);
  const conditions = new PageConditions(given);
  const kiosk = new KioskMode(given);
  const stays = await LimitedStays.open({ ...given, where, calls, store: ports.stayTerms });
  const view = new OrganizationView({
    ...given,
    where,
    languages,
    phones,
    calls,
    voicemail,
    checks,
    faults,
    conditions,
    stays,
    kiosk,
  });
  const stationCodes = new StationCodes({ ...given, where, view });
  const own = await OwnThings.open({ ...given, store: ports.own });
  const topics = new PageTopics({
    ...given,
    own,
    where,
    view,
    parked: calls.parked,
    newEpoch: () => chance.token(),
  });
  const pages = new Pages(view, topics, clock);
  const lamps = new MessageWaiting({ domain, clock, phones, userAgent, lamps: view });
  const dialogs = new DialogEvents({ directory, where, calls, userAgent });
  const barredFlows = new BarredFlows(clock, userAgent);
  const changes = new BookChanges({ ...given, book, where, view, mailboxes: voicemail });
  const told = {
    where,
    phones,
    userAgent,
    calls,
    stays,
    voicemail,
    lamps,
    dialogs,
    pages,
    own,
    topics,
    barredFlows,
    conditions,
    checks,
    faults,
    ladderDesk,
  };
  const rooms = { ...given, ...told, helpCalls, languages, book, changes, door, view, stationCodes, kiosk };
  door.open(rooms);
  reactions.begin(rooms);
  calls.restore(await ports.calls.load(), await ports.calls.loadOwed());
  ladders.restored();
  return rooms;
}
