import { hostOf } from '../demo-world/world.ts';
import type { Canary, WorldHost } from '../demo-world/world.ts';
import { makeRandom } from '../demo-world/random.ts';
import { makeCertificate } from './certificate-der.ts';
import { askMissingName, askNeighbours, askTime, ping, resolveHardware } from './joining.ts';
import { usOf } from './scene.ts';
import type { Exchange, Scene } from './scene.ts';
import * as tls from './tls-records.ts';
import type { TlsVersion } from './tls-records.ts';

/** The name and the connection come before the request: long enough for both. */
export const canaryLeadUs = 160_000;

/** The known request of the positive control; it passes the gateway at the very moment the world says. */
export function askCanary(scene: Scene, canary: Canary): void {
  const atUs = usOf(canary.at);
  const host = 'canary.handsight.test';
  const connection = scene.connect(host, 80, atUs - canaryLeadUs);
  connection.open();
  connection.wait(atUs - connection.nowUs);
  const path = `/handsight-canary/${canary.nonce}`;
  scene.exchangeOn(connection, { host, method: 'GET', path, answer: { text: 'handsight', type: 'text/plain' } });
  connection.close();
}

/** Bytes of content that each side sends, in turn, request first. */
export type Turns = readonly number[];

/** A TLS conversation with the world's host: full handshake, then content that nobody on the way can read. */
export function talkTls(scene: Scene, hostName: string, atUs: number, turns: Turns): void {
  const { random } = scene;
  // The same server gives the same certificate in every run of a seed, and keeps its version.
  const own = makeRandom(scene.world.seed, `certificate ${hostName}`);
  const version = own.pick<TlsVersion>(['1.0', '1.0', '1.1', '1.2']);
  const parent = hostName.split('.').slice(-2).join('.');
  const certificates = [
    makeCertificate(own, hostName, [hostName, `*.${parent}`]),
    makeCertificate(own, 'Demo Intermediate CA', ['ca.demo-authority.example']),
  ];
  const connection = scene.connect(hostName, 443, atUs);
  connection.open();
  connection.send('to-server', tls.clientHello(random, hostName, version));
  connection.send('to-client', tls.serverFlight(random, version, certificates));
  connection.wait(random.between(4_000, 20_000));
  connection.send('to-server', tls.clientFinish(random, version));
  connection.send('to-client', tls.serverFinish(random, version));
  for (const [turn, length] of turns.entries()) {
    connection.wait(random.between(2_000, 60_000));
    connection.send(turn % 2 === 0 ? 'to-server' : 'to-client', tls.applicationData(random, version, length));
  }
  connection.send('to-client', tls.closeAlert(random, version));
  connection.close();
}

function page(scene: Scene, host: WorldHost): Exchange {
  const { random, noise } = scene;
  const path = `/${random.pick(['index', 'list', 'today', 'feed'])}?t=${noise.token()}&n=${random.digits(6)}`;
  noise.assertInnocent(path);
  const text = random.next() < 0.5 ? noise.html(random.between(4, 24)) : noise.json(random.between(5, 60));
  const type = text.startsWith('{') ? 'application/json' : 'text/html; charset=utf-8';
  const gzip = random.next() < 0.4;
  const chunks = random.next() < 0.4 ? [random.between(50, 900), random.between(50, 900)] : undefined;
  const answer = { text, type, gzip, ...(chunks === undefined ? {} : { chunks }) };
  return { host: host.name, method: 'GET', path, answer };
}

function postReport(scene: Scene, host: WorldHost, atUs: number): void {
  const body = { text: scene.noise.json(scene.random.between(4, 20)), type: 'application/json' };
  const answer = { text: '{"code":0}', type: 'application/json' };
  scene.exchange({ host: host.name, method: 'POST', path: '/report', body, answer }, atUs);
}

/** One thing that an ordinary handset does anyway. */
function oneOrdinaryThing(scene: Scene, atUs: number): void {
  const { random } = scene;
  const innocent = scene.world.hosts.filter(({ role }) => role === 'innocent');
  const host = random.pick(innocent);
  if (host.protocol === 'https') {
    talkTls(scene, host.name, atUs, [
      random.between(200, 900),
      random.between(400, 9_000),
      random.between(100, 700),
      300,
    ]);
    return;
  }
  if (random.next() < 0.75)
    scene.exchanges(
      Array.from({ length: random.pick([1, 1, 2, 3]) }, () => page(scene, host)),
      atUs,
    );
  else postReport(scene, host, atUs);
}

/** Everything of a run that has nothing to do with the case, from joining to its end; the same kinds in every run. */
export function ordinaryTraffic(scene: Scene, fromUs: number): void {
  const { random } = scene;
  const endUs = usOf(scene.run.canaries[1].at) - 2_000_000;
  scene.at(fromUs + 100_000, (at) => askNeighbours(scene, at));
  scene.at(fromUs + random.between(1_000_000, 1_400_000), (at) => askTime(scene, at));
  scene.at(fromUs + 600_000, (at) => checkConnectivity(scene, at));
  for (let atUs = fromUs + random.between(3_000_000, 9_000_000); atUs < endUs;) {
    scene.at(atUs, (at) => oneOrdinaryThing(scene, at));
    if (random.next() < 0.3) scene.at(atUs + 3_300_000, (at) => resolveHardware(scene, at));
    if (random.next() < 0.2) scene.at(atUs + 4_000_000, (at) => ping(scene, at, random.between(1, 3)));
    if (random.next() < 0.1) scene.at(atUs + 2_000_000, (at) => askMissingName(scene, at));
    atUs += random.between(14_000_000, 40_000_000);
  }
  scene.at(Math.round((fromUs + endUs) / 2), (at) => askTime(scene, at));
}

function checkConnectivity(scene: Scene, atUs: number): void {
  const host = scene.world.hosts.find(({ role, protocol }) => role === 'innocent' && protocol === 'http');
  if (host === undefined) return;
  const { name } = hostOf(scene.world, host.name);
  scene.exchange({ host: name, method: 'GET', path: '/generate_204', answer: null }, atUs);
}
