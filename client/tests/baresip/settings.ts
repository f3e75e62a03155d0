import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { baresipPath } from '../support/programs.ts';

interface Account {
  readonly name: string;
  readonly number: string;
  readonly domain: string;
  readonly username: string;
  readonly password: string;
}

/** Its microphone, in the folder of its settings. */
export const VOICE_FILE = 'voice.wav';

/**
 * Writes the settings of a baresip 1.0 that speaks from a file and writes what it hears into the same folder, as
 * `dump-…-dec.wav`. Its loudspeaker is a sink that is not read, since this version has no file as one.
 */
export async function writeSettings(folder: string, controlPort: number): Promise<void> {
  const modules = join(dirname(dirname(baresipPath ?? '')), 'lib/baresip/modules');
  const config = [
    'sip_listen 127.0.0.1:0',
    `audio_source aufile,${join(folder, VOICE_FILE)}`,
    'audio_player aubridge,sink',
    ...['ausrc_srate 48000', 'auplay_srate 48000', 'ausrc_channels 1', 'auplay_channels 1'],
    ...['opus_stereo no', 'opus_sprop_stereo no', 'opus_inbandfec yes', 'rtcp_mux yes'],
    `snd_path ${folder}`,
    `ctrl_tcp_listen 127.0.0.1:${String(controlPort)}`,
    `module_path ${modules}`,
    ...['opus', 'aufile', 'aubridge', 'sndfile', 'stun', 'ice', 'srtp', 'dtls_srtp'].map(
      (module) => `module ${module}.so`,
    ),
    'module_tmp uuid.so',
    ...['menu', 'ctrl_tcp'].map((module) => `module_app ${module}.so`),
  ];
  await writeFile(join(folder, 'config'), config.map((line) => `${line}\n`).join(''));
}

/** The account as baresip reads it; all that it sends goes to that TCP port of this machine. */
export function accountLine(account: Account, port: number): string {
  return [
    `"${account.name}" <sip:${account.number}@${account.domain}>`,
    `auth_user=${account.username}`,
    `auth_pass=${account.password}`,
    `outbound="sip:127.0.0.1:${String(port)};transport=tcp"`,
    ...['sipnat=outbound', 'regint=600', 'medianat=ice', 'mediaenc=dtls_srtp', 'audio_codecs=opus/48000/1'],
  ].join(';');
}
