import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { Misconfigured } from './misconfigured.ts';

/** Paths of the certificate and its key. The contents of the files may change while the server runs. */
export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** The contents of the files at one moment, in PEM form: a key and the certificate that it belongs to. */
export interface TlsPair {
  readonly certificate: string;
  readonly key: string;
  /** When the certificate expires (milliseconds since 1970). */
  readonly expiresAt: number;
}

/** @throws {Misconfigured} where one is missing, cannot be read, or does not match the other. */
export function tlsFilesOf(
  certificateFile: string | undefined,
  keyFile: string | undefined,
): TlsFiles | undefined {
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined)
    throw new Misconfigured('PERCH_TLS_CERT and PERCH_TLS_KEY are set together or not at all.');
  const files = { certificateFile, keyFile };
  readTlsPair(files);
  return files;
}

/** @throws {Misconfigured} with a sentence where a file cannot be read, is incomplete, or does not match the other. */
export function readTlsPair({ certificateFile, keyFile }: TlsFiles): TlsPair {
  const certificate = contentOf('PERCH_TLS_CERT', certificateFile);
  const key = contentOf('PERCH_TLS_KEY', keyFile);
  const [own] = parsed('PERCH_TLS_CERT', certificateFile, 'certificate', () => chainOf(certificate));
  const secret = parsed('PERCH_TLS_KEY', keyFile, 'private key', () => createPrivateKey(key));
  if (!own.checkPrivateKey(secret))
    throw new Misconfigured(
      `The key in ${keyFile} does not belong to the certificate in ${certificateFile}.`,
    );
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    throw new Misconfigured(`${certificateFile} cannot be used for TLS: ${(error as Error).message}.`);
  }
  return { certificate, key, expiresAt: own.validToDate.getTime() };
}

/** The certificate, then the chain that signs it. @throws where one of them is incomplete. */
function chainOf(text: string): [X509Certificate, ...X509Certificate[]] {
  const [own, ...others] = text
    .split(/(?=-----BEGIN )/)
    .filter((part) => /^-----BEGIN [\w ]*CERTIFICATE/.test(part));
  if (own === undefined) throw new Error('no certificate');
  return [new X509Certificate(own), ...others.map((part) => new X509Certificate(part))];
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misconfigured(`${name} names ${file}, which cannot be read: ${(error as Error).message}`);
  }
}

function parsed<Value>(name: string, file: string, what: string, parse: () => Value): Value {
  try {
    return parse();
  } catch {
    throw new Misconfigured(`${name} names ${file}, which is not a ${what} in PEM form.`);
  }
}
