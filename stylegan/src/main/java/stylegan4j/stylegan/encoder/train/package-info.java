/** Training encoders: losses, the games against discriminators, schedules, validation, runs that go on. */
package stylegan4j.stylegan.encoder.train;
