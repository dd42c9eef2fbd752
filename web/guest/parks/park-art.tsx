import { useId } from 'preact/hooks';

/** Colours of sky above and below, of the far and the near hills, and of what stands before them. */
const PALETTES = [
  ['#4cc3f0', '#d8f3ff', '#7fa8c9', '#6fbf73', '#e4572e'],
  ['#ff9e6d', '#ffe9c9', '#a884b8', '#8cb369', '#1b6f9c'],
  ['#6a8dff', '#e6ecff', '#8fa3d9', '#57b894', '#ffb703'],
  ['#38b6a3', '#e0fbf4', '#7fb7b0', '#9ccc65', '#d1495b'],
  ['#c77dff', '#fbe8ff', '#a78bba', '#80b918', '#ef8a17'],
] as const;

const SPOKES = Array.from({ length: 8 }, (_, index) => (index * Math.PI) / 4);

const hashOf = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);

const at = (angle: number, radius: number): { readonly x: number; readonly y: number } => ({
  x: 290 + Math.cos(angle) * radius,
  y: 110 + Math.sin(angle) * radius,
});

const Wheel = ({ colour }: { readonly colour: string }) => (
  <g stroke={colour} stroke-width="4" fill="none">
    <path d="M290 110 L262 205 M290 110 L318 205" />
    <circle cx="290" cy="110" r="62" />
    {SPOKES.map((angle) => {
      const end = at(angle, 62);
      return <path key={angle} d={`M290 110 L${end.x} ${end.y}`} stroke-width="2" />;
    })}
    {SPOKES.map((angle) => {
      const { x, y } = at(angle, 62);
      return <circle key={angle} cx={x} cy={y + 6} r="8" fill="#fff" />;
    })}
  </g>
);

const Tents = ({ colour }: { readonly colour: string }) => (
  <g>
    <path d="M240 120 L200 165 V205 H280 V165 Z" fill={colour} />
    <path d="M240 120 L226 165 V205 H254 V165 Z" fill="#fff" />
    <path d="M330 95 L285 160 V205 H375 V160 Z" fill={colour} />
    <path d="M330 95 L314 160 V205 H346 V160 Z" fill="#fff" />
    <path d="M240 120 V102 L256 108 L240 114 M330 95 V75 L348 82 L330 89" fill="#ffb703" stroke="#5b4a2f" />
  </g>
);

const Slide = ({ colour }: { readonly colour: string }) => (
  <g fill="none" stroke-linecap="round">
    <path d="M235 205 V95 M265 205 V95" stroke="#5b4a2f" stroke-width="6" />
    <path d="M235 125 H265 M235 150 H265 M235 175 H265" stroke="#5b4a2f" stroke-width="4" />
    <path d="M225 95 L250 68 L275 95 Z" fill="#ffb703" stroke="#ffb703" stroke-width="6" stroke-linejoin="round" />
    <path d="M268 112 C320 118 315 196 380 200" stroke={colour} stroke-width="14" />
  </g>
);

const RIDES = [Wheel, Tents, Slide] as const;

/** A drawing for a park that has no photo: always the same for the same park. It says nothing that the words do not. */
export function ParkArt({ parkId }: { readonly parkId: string }) {
  const sky = useId();
  const hash = hashOf(parkId);
  const [top, bottom, far, near, colour] = PALETTES[hash % PALETTES.length] ?? PALETTES[0];
  const Ride = RIDES[hash % RIDES.length] ?? Wheel;
  return (
    <svg class="park-picture" viewBox="0 0 400 225" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <linearGradient id={sky} x2="0" y2="1">
        <stop stop-color={top} />
        <stop offset="1" stop-color={bottom} />
      </linearGradient>
      <path fill={`url(#${sky})`} d="M0 0H400V225H0Z" />
      <circle cx="80" cy="62" r="26" fill="#ffd166" />
      <path fill={far} d="M0 175 L70 95 L120 150 L185 75 L250 155 L310 105 L400 180 V225 H0 Z" />
      <path fill="#fff" d="M70 95 L54 113 L66 110 L74 117 L86 112 Z M185 75 L163 100 L180 97 L190 105 L207 101 Z" />
      <g fill="#fff" opacity="0.85">
        <circle cx="150" cy="45" r="12" />
        <circle cx="166" cy="40" r="15" />
        <circle cx="183" cy="46" r="11" />
      </g>
      <path fill={near} d="M0 190 Q100 160 210 188 T400 182 V225 H0 Z" />
      <Ride colour={colour} />
      <path fill={near} d="M0 207 Q120 196 240 205 T400 203 V225 H0 Z" />
    </svg>
  );
}
