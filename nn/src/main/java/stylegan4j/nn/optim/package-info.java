/** Training: optimisers and their update rules, learning rates, gradients, moving averages of weights. */
package stylegan4j.nn.optim;
