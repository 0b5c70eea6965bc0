// A map without a tile server: the city is GeoJSON drawn as classes of css/map.css, so light and dark come
// from the design. The element names its files: data-leaflet (script) and data-city (GeoJSON).
//
//   const { map, L } = await cityMap(element, { lat, lng, zoom });

const WIDTHS = { street: [2.2, 3.4], secondary: [3.6, 5], primary: [5.5, 7.2], motorway: [7, 9] };
const AREAS = [
  ["park", () => "m-park"],
  ["block", (facts) => (facts.zone === "core" ? "m-core" : "m-block")],
  ["water", () => "m-water"],
];

let loading = null;

// Leaflet is a classic script that puts L on the window.
function leaflet(src) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.addEventListener("load", () => resolve(globalThis.L));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return loading;
}

export async function cityMap(element, { lat, lng, zoom = 14.5 } = {}) {
  const [L, city] = await Promise.all([
    leaflet(element.dataset.leaflet),
    fetch(element.dataset.city).then((answer) => answer.json()),
  ]);
  const [west, south, east, north] = city.bbox;
  const map = L.map(element, {
    minZoom: 3,
    maxZoom: 18,
    zoomSnap: 0.25,
    attributionControl: false,
    renderer: L.svg({ padding: 0.4 }),
  });
  map.setView([lat ?? (south + north) / 2, lng ?? (west + east) / 2], zoom);
  draw(L, map, city);
  return { map, L, bounds: L.latLngBounds([south, west], [north, east]) };
}

function draw(L, map, city) {
  const pick = (test) => city.features.filter(({ properties }) => test(properties));
  const layer = (features, style) =>
    L.geoJSON({ type: "FeatureCollection", features }, { interactive: false, style }).addTo(map);
  for (const [kind, className] of AREAS) {
    layer(
      pick((facts) => facts.kind === kind),
      ({ properties }) => ({ className: className(properties), weight: 0, fillOpacity: 1 }),
    );
  }
  const roads = [];
  for (const [rank, [road, border]] of Object.entries(WIDTHS)) {
    const lines = pick((facts) => facts.kind === "road" && facts.rank === rank);
    roads.push([layer(lines, () => ({ className: "m-case" })), border]);
    roads.push([layer(lines, () => ({ className: `m-road m-${rank}` })), road]);
  }
  const rails = pick((facts) => facts.kind === "rail");
  roads.push([layer(rails, () => ({ className: "m-rail" })), 1.6]);
  const widen = () => {
    const scale = 1.55 ** (map.getZoom() - 14.5);
    for (const [lines, width] of roads) lines.setStyle({ weight: width * scale });
  };
  map.on("zoomend", widen);
  widen();
  for (const { geometry, properties } of pick((facts) => facts.kind === "label")) {
    const [x, y] = geometry.coordinates;
    L.marker([y, x], { interactive: false, keyboard: false, icon: label(L, properties) }).addTo(
      map,
    );
  }
}

function label(L, { rank, name }) {
  const words = document.createElement("span");
  words.textContent = name;
  return L.divIcon({ className: `m-label m-label--${rank}`, html: words, iconSize: null });
}
