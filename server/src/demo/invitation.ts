import { styleText } from 'node:util';
import { renderUnicodeCompact } from 'uqr';
import type { Demo } from './furnish.ts';
import type { Lan } from './lan.ts';

/** The quiet zone of a QR code on a screen (modules); the terminal's own margin adds to it. */
const QUIET = 2;

/** What a user of another device on the network has to know. */
export function invitationOf({ stations }: Demo, { fingerprint, others }: Omit<Lan, 'config'>): string {
  const paragraphs: string[] = [];
  const [station] = stations;
  if (station)
    paragraphs.push(
      `Other devices of your network: open a link from above there, or point a camera at the code of ${station.number} ${station.name}.`,
      qrCode(station.stationUrl),
    );
  if (fingerprint !== undefined)
    paragraphs.push(
      'Each browser warns once that the connection is not private, because the certificate was made here and no authority has\n' +
        'signed it. Go on with “Advanced” and “Proceed” (Chrome, Edge), “Advanced…” and “Accept the Risk and Continue”\n' +
        '(Firefox), or “Show Details” and “visit this website” (Safari). To make sure that the certificate is the one made here,\n' +
        `compare the SHA-256 fingerprint that the browser shows for it with this one:\n  ${fingerprint}`,
    );
  if (others.length > 0)
    paragraphs.push(
      `If your other devices cannot reach that address, choose another one: ${others.map((other) => `--lan=${other}`).join(' or ')}`,
    );
  return paragraphs.map((paragraph) => `\n${paragraph}\n`).join('');
}

/** Dark on light for cameras, whatever the colours of the terminal are. */
const qrCode = (text: string): string =>
  renderUnicodeCompact(text, { border: QUIET })
    .split('\n')
    .map((line) => styleText(['whiteBright', 'bgBlack'], line))
    .join('\n');
