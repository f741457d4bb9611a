/** Simulates a fleet, away from the clock and the dice of those who measure. */
import { simulateFleet } from '../simulation/fleet.mjs';

process.on('message', (fleet) => process.send(simulateFleet(fleet)));
process.on('disconnect', () => process.exit());
process.send('ready');
