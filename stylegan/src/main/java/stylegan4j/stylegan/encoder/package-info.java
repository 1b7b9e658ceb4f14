/** Networks that find a picture's code in one or a few passes: pSp, e4e, ReStyle, IDInvert. */
package stylegan4j.stylegan.encoder;
