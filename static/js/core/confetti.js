// Confetti over the page for two seconds. Nothing moves for people who asked for less motion.

const PIECES = 140;
const MILLISECONDS = 2200;
const PAUSE = 4000;
const COLOURS = ["#e8604c", "#ffd684", "#f7a8c0", "#7cc6a4", "#8fb6ff", "#ffffff"];
let endedAt = Number.NEGATIVE_INFINITY;

export function celebrate() {
  const now = performance.now();
  if (now - endedAt < PAUSE || document.hidden) return;
  endedAt = now;
  document.documentElement.dataset.celebrated = String(
    Number(document.documentElement.dataset.celebrated ?? 0) + 1,
  );
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const canvas = document.createElement("canvas");
  canvas.className = "confetti";
  canvas.ariaHidden = "true";
  canvas.width = innerWidth;
  canvas.height = innerHeight;
  document.body.append(canvas);
  fall(canvas, canvas.getContext("2d"), now);
}

function fall(canvas, pen, began) {
  const pieces = Array.from({ length: PIECES }, (_none, number) => ({
    x: Math.random() * canvas.width,
    y: -Math.random() * canvas.height * 0.6,
    drift: (Math.random() - 0.5) * 90,
    speed: (0.5 + Math.random()) * canvas.height * 0.55,
    turn: Math.random() * 9,
    side: 5 + Math.random() * 6,
    colour: COLOURS[number % COLOURS.length],
  }));
  const draw = (now) => {
    const passed = now - began;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (passed > MILLISECONDS) return canvas.remove();
    pen.globalAlpha = Math.min(1, (MILLISECONDS - passed) / 500);
    for (const piece of pieces) {
      const seconds = passed / 1000;
      pen.save();
      pen.translate(piece.x + piece.drift * seconds, piece.y + piece.speed * seconds);
      pen.rotate(piece.turn * seconds);
      pen.fillStyle = piece.colour;
      pen.fillRect(-piece.side / 2, -piece.side / 4, piece.side, piece.side / 2);
      pen.restore();
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
}
