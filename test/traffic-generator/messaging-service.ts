import { createHash } from 'node:crypto';
import { shortHash } from '../demo-world/world.ts';
import type { HandsetIdentity } from '../demo-world/world.ts';
import type { Plant, Scene } from './scene.ts';

const account = 'api.account.xiaomi.com';
const form = 'application/x-www-form-urlencoded';
const json = 'application/json;charset=UTF-8';

type Owned = 'imei' | 'imsi' | 'iccid' | 'msisdn' | 'wifiMac';
const kinds = { imei: 'imei', imsi: 'imsi', iccid: 'iccid', msisdn: 'msisdn', wifiMac: 'wifi-mac' } as const;

export function plain(scene: Scene, kind: Owned, text?: string, owner: HandsetIdentity = scene.owner): Plant {
  const unit = owner.unit === 'H2' ? 'H2' : 'H1';
  return { unit, kind: kinds[kind], value: owner[kind], transform: [], text: text ?? owner[kind] };
}

function hashed(scene: Scene, kind: Owned, full = false): Plant {
  const value = scene.owner[kind];
  const transform = ['sha1', 'base64url', full ? 'first-27' : 'first-16'];
  return { unit: scene.run.handset, kind: kinds[kind], value, transform, text: shortHash(value, full) };
}

function md5(scene: Scene, kind: Owned): Plant {
  const value = scene.owner[kind];
  const text = createHash('md5').update(value).digest('hex');
  return { unit: scene.run.handset, kind: kinds[kind], value, transform: ['md5', 'hex'], text };
}

function accountId(scene: Scene): Plant {
  const { miAccountId } = scene.owner;
  return { unit: scene.run.handset, kind: 'account', value: miAccountId, transform: [], text: miAccountId };
}

/** `GET /pass/activate/dev/<H(deviceId)>/activating?imsi=<H(iccid or imsi)>`, in clear. */
export function activate(scene: Scene, atUs: number, card: 'iccid' | 'imsi'): void {
  const device = hashed(scene, 'imei');
  const sim = hashed(scene, card);
  const path = `/pass/activate/dev/${device.text}/activating?imsi=${sim.text}`;
  const answer = { text: `{"result":"ok","code":0,"data":{"gw":"${scene.owner.silentSmsGateway}"}}`, type: json };
  scene.exchange({ host: account, method: 'GET', path, plants: [device, sim], answer }, atUs);
}

export interface Registration {
  /** The body's chunks; absent: all at once. */
  readonly chunks?: readonly number[];
  /** With the subscriber's number of the SIM and the account, as after a login. */
  readonly loggedIn: boolean;
  /** The answer repeats the own number. */
  readonly echo: boolean;
  readonly retransmit: boolean;
}

/** Carrier, IMEI and own number in clear, as F-Secure saw; the equipment number lies across two segments. */
export function register(scene: Scene, atUs: number, how: Registration): void {
  const { owner } = scene;
  const carrier = owner.carrier.replaceAll(' ', '+');
  // Programs of those years often forgot to encode the plus sign: once as it is, once encoded.
  const phone = how.loggedIn ? encodeURIComponent(owner.msisdn) : owner.msisdn;
  const plants = [plain(scene, 'imei'), plain(scene, 'msisdn', phone)];
  let text = `deviceId=${owner.imei}&phone=${phone}&carrier=${carrier}&operator=${owner.operator}&model=${encodeURIComponent(owner.model)}`;
  if (how.loggedIn) {
    text += `&imsi=${owner.imsi}&userId=${owner.miAccountId}`;
    plants.push(plain(scene, 'imsi'), accountId(scene));
  }
  const reply = `{"result":"ok","code":0,"data":{"phone":"${owner.msisdn}","ttl":86400,"note":"${scene.noise.token()}"}}`;
  const quiet = { text: '{"result":"ok","code":0}', type: json };
  scene.exchange(
    {
      host: account,
      method: 'POST',
      path: '/pass/mx/register',
      body: { text, type: form, ...(how.chunks === undefined ? {} : { chunks: how.chunks }) },
      plants,
      cutInside: owner.imei,
      delivery: { retransmit: how.retransmit },
      ...(how.echo
        ? { answer: { text: reply, type: json, gzip: true, chunks: [41] }, echoes: [plain(scene, 'msisdn')] }
        : { answer: quiet }),
    },
    atUs,
  );
}

export interface LookUp {
  readonly msisdn: string;
  /** As it stands in the address, percent-encoded. */
  readonly text: string;
  /** The number lies across two segments, and they arrive in the wrong order. */
  readonly swap?: boolean;
  readonly retransmit?: boolean;
}

/** `GET /pass/user@id?type=MXPH&externalId=<plain phone number>`, in clear. */
export function lookUp(scene: Scene, atUs: number, who: LookUp): void {
  const plant: Plant = {
    unit: scene.run.handset,
    kind: 'contact-msisdn',
    value: who.msisdn,
    transform: [],
    text: who.text,
  };
  scene.exchange(
    {
      host: account,
      method: 'GET',
      path: `/pass/user@id?type=MXPH&externalId=${who.text}`,
      plants: [plant],
      ...(who.swap === true ? { cutInside: who.text } : {}),
      delivery: { swap: who.swap === true, retransmit: who.retransmit === true },
      answer: { text: '{"result":"ok","code":0,"data":{"userId":null}}', type: json },
    },
    atUs,
  );
}

/** The chat stream on TCP 5222; logged in, it names the account. It ends without an end tag, as with a Wi-Fi that is left. */
export function openChat(scene: Scene, atUs: number, withAccount: boolean): void {
  const connection = scene.connect('app.chat.xiaomi.net', 5222, atUs);
  connection.open();
  const from = withAccount ? ` from="${scene.owner.miAccountId}@xiaomi.com"` : '';
  const open = Buffer.from(`<stream:stream xmlns="xm" xmlns:stream="xm" to="xiaomi.com"${from} version="105">`);
  const start = connection.send('to-server', open);
  if (withAccount) {
    const plant = accountId(scene);
    const place = start + open.indexOf(plant.text);
    scene.planted.push({
      plant,
      host: 'app.chat.xiaomi.net',
      direction: 'to-server',
      exact: true,
      clientPort: connection.clientPort,
      packets: connection.packetsOf('to-server', place, place + plant.text.length),
      coding: 'none',
    });
  }
  connection.wait(20_000);
  connection.send('to-client', Buffer.from(`<stream:stream xmlns="xm" id="${scene.noise.token()}" from="xiaomi.com">`));
  for (let beat = 0; beat < 3; beat += 1) {
    connection.wait(scene.random.between(25_000_000, 35_000_000));
    connection.send('to-server', Buffer.from(' '));
  }
  connection.close('to-server');
}

const systemPackages = [
  'com.android.mms',
  'com.android.contacts',
  'com.android.browser',
  'com.android.phone',
  'com.miui.home',
  'com.miui.gallery',
  'com.miui.player',
  'com.miui.weather2',
  'com.miui.securitycenter',
  'com.xiaomi.market',
  'com.xiaomi.gamecenter',
  'com.xiaomi.xmsf',
  'com.xiaomi.account',
  'com.miui.cloudservice',
  'com.android.calendar',
  'com.android.deskclock',
];

/** The list of the system's packages at boot, with the IMEI's MD5. */
export function checkPackages(scene: Scene, atUs: number, coding: 'gzip' | 'chunked'): void {
  const plant = md5(scene, 'imei');
  const list = scene.random.shuffle(systemPackages).map((name) => `${name}|${scene.random.between(1, 90)}`);
  const text = `imei=${plant.text}&device=${encodeURIComponent(scene.owner.model)}&packages=${encodeURIComponent(list.join(','))}`;
  // The first chunk ends inside the digest.
  const body = coding === 'gzip' ? { text, type: form, gzip: true } : { text, type: form, chunks: [21, 300] };
  const path = '/cms/interface/v1/checkpackages.php';
  const answer = { text: '{"code":200,"list":[]}', type: json };
  scene.exchange({ host: 'policy.app.xiaomi.com', method: 'POST', path, body, plants: [plant], answer }, atUs);
}

/** The statistics library's log, compressed: the IMEI, and its MD5 beside it. */
export function sendLogs(scene: Scene, atUs: number): void {
  const digest = md5(scene, 'imei');
  const header = {
    appkey: scene.noise.token(),
    device_id: scene.owner.imei,
    idmd5: digest.text,
    carrier: scene.owner.carrier,
    mc: scene.owner.wifiMac,
    access: 'Wi-Fi',
    os_version: '4.3',
    device_model: scene.owner.model,
  };
  const sessions = Array.from({ length: 6 }, () => ({
    id: scene.noise.token(),
    seconds: scene.random.between(2, 400),
  }));
  const text = JSON.stringify({ header, body: { terminate: sessions } });
  const body = { text, type: 'application/json', gzip: true };
  const answer = { text: '{"success":"ok"}', type: 'application/json' };
  const plants = [plain(scene, 'imei'), digest, plain(scene, 'wifiMac')];
  scene.exchange({ host: 'www.umeng.com', method: 'POST', path: '/app_logs', body, plants, answer }, atUs);
}

/** A later library's cookie: the whole 27 characters of the hash. */
export function askUpdates(scene: Scene, atUs: number): void {
  const plant = hashed(scene, 'imei', true);
  scene.exchange(
    {
      host: 'policy.app.xiaomi.com',
      method: 'GET',
      path: '/cms/interface/v2/updates.php?lang=zh_TW',
      fields: [['Cookie', `deviceId=${plant.text}; locale=zh_TW`]],
      plants: [plant],
      answer: { text: '{"code":200}', type: json },
    },
    atUs,
  );
}

/** Packed in base64 and nothing more: the IMSI stands somewhere in it, at whatever alignment. */
export function sendPackedReport(scene: Scene, atUs: number): void {
  const inner = JSON.stringify({ seq: scene.random.between(1, 99_999), sub: scene.owner.imsi, v: '2.1' });
  const start = inner.indexOf(scene.owner.imsi);
  const packed = Buffer.from(inner).toString('base64');
  const value = scene.owner.imsi;
  // The groups of four characters that its bytes lie in.
  const text = packed.slice(Math.floor(start / 3) * 4, Math.ceil((start + value.length) / 3) * 4);
  const plant: Plant = { unit: scene.run.handset, kind: 'imsi', value, transform: ['base64'], text };
  scene.exchange(
    {
      host: 'pmir.3g.qq.com',
      method: 'POST',
      path: '/mig/packed',
      body: { text: packed, type: 'text/plain' },
      plants: [plant],
      answer: { text: 'ok', type: 'text/plain' },
    },
    atUs,
  );
}
