import type { IncomingMessage } from 'node:http';
import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

const { parse } = fastifyCookie;

const NAME = 'perch_session';
/** Of a sign-in that is under way. It comes back from another site, so it is not `Strict`. */
const SIGN_IN = { name: 'perch_sign_in', path: '/api/session/provider' };

/** The same for an upgrade, which has no route. */
export const sessionOf = ({ headers }: IncomingMessage): string | undefined =>
  parse(headers.cookie ?? '')[NAME];

export const sessionCookie = (request: FastifyRequest): string | undefined => request.cookies[NAME];

/** `Secure` where the browser came by TLS, according to a trusted proxy where there is one. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  expiresAt: number,
): void {
  reply.setCookie(NAME, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.arrival.scheme === 'https',
    expires: new Date(expiresAt),
  });
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(NAME, { path: '/' });
}

export const signInCookie = (request: FastifyRequest): string | undefined => request.cookies[SIGN_IN.name];

export function setSignInCookie(request: FastifyRequest, reply: FastifyReply, handle: string): void {
  reply.setCookie(SIGN_IN.name, handle, {
    path: SIGN_IN.path,
    httpOnly: true,
    sameSite: 'lax',
    secure: request.arrival.scheme === 'https',
  });
}

export function clearSignInCookie(reply: FastifyReply): void {
  reply.clearCookie(SIGN_IN.name, { path: SIGN_IN.path });
}
