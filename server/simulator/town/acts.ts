import { callId } from '@perch/shared';
import type { OrganizationControl } from '../../src/cluster/organization-control.ts';
import type { BookCommand } from '../../src/exchange/contract/commands.ts';
import type { Session } from '../phones/session.ts';
import type { Act, Mishap, Step } from '../script.ts';
import { NUMBERS } from './organizations.ts';
import type { Place, Town } from './town.ts';

/** A step where and when it happens. */
interface Scene {
  readonly town: Town;
  readonly place: Place;
  /** Picks by the numbers of the step. */
  readonly pick: <Item>(items: readonly Item[]) => Item | undefined;
  /** From the least to the most (milliseconds). */
  readonly time: (least: number, most: number) => number;
  readonly dice: Step['dice'];
}

/** Nobody is suspended any more. */
export function reinstateAll(town: Town): void {
  for (const place of town.places)
    ask(town, place, (control) => control.changeBook(suspension(place, false)));
}

/** Carries a step out, as far as it is possible then: nobody can hang up a call that they do not have. */
export function carryOut(town: Town, step: Step): void {
  const place = town.places[step.phone % town.places.length];
  if (place === undefined) return;
  const [first, second] = step.dice;
  const scene: Scene = {
    ...{ town, place, dice: step.dice },
    pick: (items) => items[Math.floor(first * items.length)],
    time: (least, most) => least + second * (most - least),
  };
  town.note(place.phone.name, `does: ${step.what}`);
  const { line } = place.phone;
  if (step.what in PEOPLE && (line.isAsleep || !line.isRegistered)) return;
  ({ ...PEOPLE, ...MACHINES })[step.what](scene);
}

/** A session that has an answer, and nothing under way. */
const talking = ({ place, pick }: Scene): Session | undefined =>
  pick(place.phone.talking.filter(({ isLeaving }) => !isLeaving));

const otherNumber = ({ place, dice }: Scene): string => {
  const others = NUMBERS.filter((number) => number !== place.number);
  return others[Math.floor(dice[2] * others.length)] ?? others[0] ?? '';
};

type Doing = (scene: Scene) => void;

/** What takes a phone that has a line, and somebody at it. */
const PEOPLE: Readonly<Record<Exclude<Act, 'vanish' | 'sleep'>, Doing>> = {
  call: (scene) => {
    if (scene.place.phone.sessions.size < 4) scene.place.phone.dial(otherNumber(scene), 'talk');
  },
  hold: (scene) => {
    const session = talking(scene);
    if (session) scene.place.phone.hold(session, !session.holds);
  },
  'hang up': (scene) => {
    const session = talking(scene);
    if (session) scene.place.phone.hangUp(session);
  },
  cancel: ({ place: { phone }, pick }) => {
    const session = pick([...phone.sessions.values()].filter(({ state }) => state === 'calling'));
    if (session) phone.cancel(session);
  },
  'send on': (scene) => {
    const session = talking(scene);
    if (session) scene.place.phone.refer(session, otherNumber(scene));
  },
  'ask first': ({ place: { phone }, pick }) => {
    const [one, other] = phone.talking.filter(({ isLeaving }) => !isLeaving);
    if (one && other) {
      phone.refer(one, /sip:([^@>]+)@/.exec(other.remoteAddress)?.[1] ?? '', other);
      return;
    }
    const number = pick(NUMBERS.filter((each) => each !== phone.line.world.number));
    if (one && number !== undefined) {
      phone.hold(one, true);
      phone.dial(number, 'talk');
    }
  },
  confer: ({ town, place }) => {
    const [one, other] = place.phone.views.filter(({ state }) => state === 'talking');
    if (one && other)
      ask(town, place, (control) => control.confer(place.terminal, [callId(one.id), callId(other.id)]));
  },
  park: (scene) => {
    const session = talking(scene);
    if (session === undefined) return;
    if (session.holds) scene.place.phone.dial('*68', 'service');
    else scene.place.phone.refer(session, '*68');
  },
  'pick up': ({ town, place, pick }) => {
    const slots = town.places
      .filter(({ organization }) => organization === place.organization)
      .flatMap(({ phone }) => phone.views.flatMap(({ parked }) => parked ?? []));
    const slot = pick(slots);
    if (slot !== undefined) place.phone.dial(`*69${slot}`, 'talk');
  },
  'take back': ({ town, place, pick }) => {
    const view = pick(place.phone.views);
    if (view) ask(town, place, (control) => control.takeBack(place.terminal, callId(view.id)));
  },
  'bring here': ({ place: { phone, number }, pick }) => {
    const view = pick(phone.views.filter(({ here }) => here === 'elsewhere' || here === 'away'));
    if (view) phone.dial(number, 'talk', [`Perch-Call-ID: ${view.id}`]);
  },
  move: (scene) => scene.place.person.move(scene.pick(NUMBERS) ?? ''),
  return: ({ place: { phone } }) => void phone.dial('*30', 'center'),
  echo: ({ place: { phone } }) => void phone.dial('*43', 'service'),
  mailbox: ({ place: { phone } }) => void phone.dial('*97', 'service'),
  reload: ({ place: { phone } }) => {
    phone.line.change(false);
    phone.forget();
  },
  'change network': ({ place: { phone }, dice }) => {
    const old = phone.line.connection;
    if (dice[0] < 0.3) old?.stall(dice[1] * 4_000);
    phone.line.change(dice[0] > 0.6);
  },
  undo: ({ town, place }) => ask(town, place, (control) => control.undo(place.terminal)),
};

/** What happens to phones, networks and machines, and what management does. */
const MACHINES: Readonly<Record<'sleep' | 'vanish' | Mishap, Doing>> = {
  sleep: ({ town, place: { phone }, time }) => {
    if (phone.line.isAsleep) return;
    phone.line.isAsleep = true;
    town.clock.after(time(2_000, 120_000), () => phone.line.wake());
  },
  vanish: ({ town, place: { phone }, time, dice }) => {
    phone.line.off(dice[0] < 0.7);
    phone.line.isAsleep = false;
    phone.forget();
    town.clock.after(time(1_000, 240_000), () => phone.line.on());
  },
  cut: ({ place: { phone } }) => phone.line.connection?.cut(),
  stall: ({ place: { phone }, time }) => phone.line.connection?.stall(time(500, 20_000)),
  silence: ({ place: { phone } }) => phone.line.connection?.becomeStill(),
  kill: ({ town }) => town.life?.kill(),
  'kill at a deed': ({ town, dice }) => town.life?.killAfter(1 + Math.floor(dice[0] * 60)),
  'slow disk': (scene) => breakDisk(scene, 'slow', 30_000),
  'failing disk': (scene) => breakDisk(scene, 'failing', 15_000),
  'full disk': (scene) => breakDisk(scene, 'full', 60_000),
  'clock jumps': ({ town, dice }) => town.clock.jump(Math.round((dice[0] - 0.5) * 7_200_000)),
  'sent by management': ({ town, place, pick }) => {
    const extension = pick(extensionsOf(town, place));
    const base = extensionsOf(town, place).find(({ number }) => number === place.number);
    if (extension && base) ask(town, place, (control) => control.send(extension.id, base.id, 'the manager'));
  },
  'returned by management': ({ town, place, pick }) => {
    const extension = pick(extensionsOf(town, place));
    if (extension) ask(town, place, (control) => control.returnToBase(extension.id, 'the manager'));
  },
  suspended: ({ town, place, time }) => {
    const suspend = (suspended: boolean): void =>
      ask(town, place, (control) => control.changeBook(suspension(place, suspended)));
    suspend(true);
    town.clock.after(time(1_000, 60_000), () => suspend(false));
  },
};

const suspension = ({ number }: Place, suspended: boolean): BookCommand => ({
  ...{ kind: 'change-extension', number, who: 'the manager' },
  change: { suspended },
});

const extensionsOf = (town: Town, { organization }: Place) =>
  town.organizations.find((each) => each.organization.id === organization)?.extensions ?? [];

function breakDisk({ town, time }: Scene, how: 'slow' | 'failing' | 'full', longest: number): void {
  town.disk.condition = how;
  town.clock.after(time(500, longest), () => {
    town.disk.condition = 'sound';
  });
}

/** Management asks, or a page over HTTP; where the server is killed it gets no answer, and only where its disk fails an error. */
function ask(town: Town, place: Place, what: (control: OrganizationControl) => Promise<unknown>): void {
  const { server, life } = town;
  if (server === undefined || life === undefined) return;
  what(server.control(place.organization)).then(
    (answer) => town.note('management', JSON.stringify(answer)),
    (error: unknown) => {
      town.note('management', `is told ${String(error)}`);
      town.failed(life, error);
    },
  );
}
