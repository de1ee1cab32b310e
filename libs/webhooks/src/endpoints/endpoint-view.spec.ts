import { webhookEndpointSchema } from '@smart-support/contracts';
import { viewOfEndpoint } from './endpoint-view';

describe('what operators see of an endpoint', () => {
  const secrets = [Buffer.alloc(32, 7).toString('base64'), `whsec_${Buffer.alloc(24, 8).toString('base64')}`];
  const endpoint = webhookEndpointSchema.parse({
    id: 'chat',
    url: 'https://chat.example:8443/services/t0ken?key=t0ken',
    types: ['incident.opened'],
    secrets,
  });

  it('is all but its secrets and the part of its URL that may be one', () => {
    const view = viewOfEndpoint(endpoint);
    expect(view).toEqual({
      id: 'chat',
      origin: 'https://chat.example:8443',
      types: ['incident.opened'],
      paused: false,
      https_only: false,
      secret_fingerprints: [expect.stringMatching(/^[0-9a-f]{8}$/), expect.stringMatching(/^[0-9a-f]{8}$/)],
    });
    for (const secret of [...secrets, 't0ken']) expect(JSON.stringify(view)).not.toContain(secret);
  });

  it('tells secrets apart, and knows one with and without its prefix', () => {
    const fingerprints = (...some: string[]) => viewOfEndpoint({ ...endpoint, secrets: some }).secret_fingerprints;
    const [one, other] = fingerprints(...secrets);
    expect(one).not.toBe(other);
    expect(fingerprints(`whsec_${secrets[0]}`)).toEqual([one]);
    expect(fingerprints()).toEqual([]);
  });
});
