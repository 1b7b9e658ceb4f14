package stylegan4j.nn.checkpoint;

/** An object under construction by a pickle that takes a state after its constructor's arguments. */
interface PickleState {
    void setState(Source source, Budget budget, Object state) throws CheckpointException;
}
