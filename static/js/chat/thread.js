// An open chat: everything its page does beyond being a page. Each module is one behaviour.

import * as composer from "./composer.js";
import * as feed from "./feed.js";
import * as log from "./log.js";
import * as reading from "./reading.js";
import * as sending from "./sending.js";
import * as typing from "./typing.js";

log.start();
feed.start();
sending.start();
composer.start();
reading.start();
typing.start();
