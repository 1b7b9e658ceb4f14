package stylegan4j.stylegan.train;

/**
 * Where a training stands, beside its weights and moments.
 *
 * @param iteration iterations done
 * @param pictures real pictures seen
 * @param randomPosition of the stream of random numbers
 * @param meanPathLength running mean of the path length regularisation
 * @param augment where the augmentation stands
 */
record TrainingCounters(long iteration, long pictures, long randomPosition, double meanPathLength,
                        AdaptiveAugment.State augment) {
}
