import { describe, expect, it } from '@jest/globals';
import { ROUTES, findRoute } from '../../../../adapters/https-ingress/routes.ts';

const ID = '0193a5f0-0000-7000-8000-000000000001';

describe('findRoute', () => {
  it.each(ROUTES.map((route) => [route.method, route.path, route] as const))('finds %s %s', (method, path, route) => {
    const isWithId = path.includes('{');
    expect(findRoute(method, path.replace(/\{[^}]+\}/, ID))).toEqual({ found: true, route, id: isWithId ? ID : '' });
  });

  it('names the methods of a path asked for with another', () => {
    expect(findRoute('DELETE', '/v1/berichten')).toEqual({ found: false, allow: ['POST'] });
    expect(findRoute('get', '/v1/sleutels')).toEqual({ found: false, allow: ['GET'] });
  });

  it.each([
    '',
    '/',
    '/v1/postbus/',
    '/v1/postbus/x/weigering',
    '/v1/openapi-json',
    `/v1/berichten/${ID}/x`,
    '/v1/berichten/..',
  ])('finds nothing at %j', (path) => {
    expect(findRoute('GET', path)).toEqual({ found: false, allow: [] });
  });
});
