// Choosing a place: a tap on the map, or the position of the device, fills the form that works alone.

import { find, on } from "../core/dom.js";
import { show } from "../core/http.js";
import { gettext } from "../core/i18n.js";
import { cityMap } from "../core/map.js";

const box = find("[data-place-map]");
const fields = { lat: find('[name="lat"]'), lng: find('[name="lng"]') };
let place = null;

function put({ lat, lng }) {
  fields.lat.value = lat.toFixed(6);
  fields.lng.value = lng.toFixed(6);
  place?.setLatLng([lat, lng]);
}

async function start() {
  const given = {
    lat: Number.parseFloat(fields.lat.value),
    lng: Number.parseFloat(fields.lng.value),
  };
  const { map, L } = await cityMap(box, Number.isFinite(given.lat) ? given : {});
  const pin = document.createElement("i");
  place = L.marker(map.getCenter(), {
    draggable: true,
    title: gettext("The place"),
    icon: L.divIcon({ className: "m-pin m-pin--to", html: pin, iconSize: null }),
  }).addTo(map);
  put(place.getLatLng());
  map.on("click", ({ latlng }) => put(latlng));
  place.on("dragend", () => put(place.getLatLng()));
  on("click", "[data-my-place]", (_event, button) => locate(button, map));
  on("change", '[name="lat"], [name="lng"]', () => {
    const [lat, lng] = [fields.lat, fields.lng].map((field) => Number.parseFloat(field.value));
    if (!Number.isFinite(lat) || !Number.isFinite(lng)) return;
    place.setLatLng([lat, lng]);
    map.setView([lat, lng]);
  });
}

function locate(button, map) {
  if (!navigator.geolocation) return button.remove();
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.removeAttribute("aria-busy");
      put({ lat: coords.latitude, lng: coords.longitude });
      map.setView([coords.latitude, coords.longitude], 15);
    },
    () => {
      button.removeAttribute("aria-busy");
      show(new Error(gettext("Your position is not known. Choose the place on the map.")));
    },
    { enableHighAccuracy: true, timeout: 10_000 },
  );
}

start().catch(() => box.remove());
