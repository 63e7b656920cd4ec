/** Holders of networks that deliver for others, by the name in the network database: one row a holder. */
const deliveryHolders: readonly { readonly holder: RegExp; readonly name: string }[] = [
  { holder: /\bakamai\b/i, name: 'Akamai' },
  { holder: /\bcloudflare\b/i, name: 'Cloudflare' },
  { holder: /\bfastly\b/i, name: 'Fastly' },
  { holder: /\bedgecast\b|\bedgio\b|\blimelight\b/i, name: 'Edgio' },
  { holder: /\bcdn77\b|\bdatacamp\b/i, name: 'CDN77' },
  { holder: /\bcdnetworks\b/i, name: 'CDNetworks' },
  { holder: /\bquantil\b|\bwangsu\b|\bchinanetcenter\b/i, name: 'Wangsu' },
  { holder: /\bg-?core\b/i, name: 'Gcore' },
  { holder: /\bstackpath\b|\bhighwinds\b/i, name: 'StackPath' },
  { holder: /\bbunny(way|cdn)\b/i, name: 'bunny.net' },
];

/** Name of the content delivery network whose holder this is, or null. Others may deliver too: absence says nothing. */
export function deliveryNetworkOf(holder: string): string | null {
  return deliveryHolders.find((row) => row.holder.test(holder))?.name ?? null;
}
