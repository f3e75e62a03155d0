import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ipPath, iptablesPath } from '../support/programs.ts';

/** Why a browser cannot have a network of its own on this machine; `undefined` where it can. */
export function whyNoOwnNetwork(): string | undefined {
  if (ipPath === undefined) return 'There is no program "ip" here: apt-get install iproute2.';
  if (iptablesPath === undefined) return 'There is no program "iptables" here: apt-get install iptables.';
  try {
    const network = OwnNetwork.open();
    network.lose(0.5);
    network.close();
    return undefined;
  } catch (error) {
    return `No network namespace can be made here, which takes root on Linux. ${String(error)}`;
  }
}

/**
 * The network of one browser: a Linux network namespace, and one cable between it and this machine. Its addresses are those reserved for
 * tests of networks (RFC 2544, 198.18.0.0/15).
 */
export class OwnNetwork {
  static #opened = 0;
  /** Of the namespace, and of our end of the cable. */
  readonly #name: string;
  readonly #subnet: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'perch-network-'));
  #host = 2;

  private constructor(number: number) {
    this.#name = `perch${String(number)}`;
    this.#subnet = `198.18.${String(number % 256)}`;
  }

  static open(): OwnNetwork {
    const network = new OwnNetwork(process.pid + OwnNetwork.#opened++);
    network.#lay();
    return network;
  }

  /** This machine, as it is reached from there. */
  get outside(): string {
    return `${this.#subnet}.1`;
  }

  /** The path of a command that runs that program in this network. */
  commandFor(program: string): string {
    const command = join(this.#folder, 'command');
    const script = `#!/bin/sh\nexec '${ipPath ?? ''}' netns exec ${this.#name} '${program}' "$@"\n`;
    writeFileSync(command, script, { mode: 0o755 });
    return command;
  }

  unplug(): void {
    run('link', 'set', this.#name, 'down');
  }

  plugIn(): void {
    run('link', 'set', this.#name, 'up');
  }

  /** From now on it is another network: what was sent to the address before, and from it, is lost. */
  changeAddress(): void {
    this.#run('address', 'delete', this.#address, 'dev', 'cable');
    this.#host++;
    this.#run('address', 'add', this.#address, 'dev', 'cable');
  }

  /** That part of the UDP packets that are sent from there is lost from now on, at random: 0 to 1. */
  lose(part: number): void {
    this.#filter('--flush', 'OUTPUT');
    const chance = ['--match', 'statistic', '--mode', 'random', '--probability', String(part)];
    if (part > 0) this.#filter('--append', 'OUTPUT', '--protocol', 'udp', ...chance, '--jump', 'DROP');
  }

  /** UDP leads to this port of this machine only. */
  allowUdpOnlyTo(port: number): void {
    this.#run('rule', 'add', 'pref', '10', 'ipproto', 'udp', 'dport', String(port), 'lookup', 'main');
    this.#run('rule', 'add', 'pref', '11', 'ipproto', 'udp', 'prohibit');
  }

  close(): void {
    run('netns', 'delete', this.#name);
    rmSync(this.#folder, { recursive: true });
  }

  get #address(): string {
    return `${this.#subnet}.${String(this.#host)}/24`;
  }

  #lay(): void {
    run('netns', 'add', this.#name);
    run('link', 'add', this.#name, 'type', 'veth', 'peer', 'name', 'cable', 'netns', this.#name);
    run('address', 'add', `${this.outside}/24`, 'dev', this.#name);
    this.plugIn();
    this.#run('address', 'add', this.#address, 'dev', 'cable');
    for (const device of ['cable', 'lo']) this.#run('link', 'set', device, 'up');
  }

  #filter(...rule: readonly string[]): void {
    run('netns', 'exec', this.#name, iptablesPath ?? 'iptables', ...rule);
  }

  /** In the namespace. */
  #run(...command: readonly string[]): void {
    run('-netns', this.#name, ...command);
  }
}

function run(...command: readonly string[]): void {
  execFileSync(ipPath ?? '', command, { stdio: 'pipe' });
}
