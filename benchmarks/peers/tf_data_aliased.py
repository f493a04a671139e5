"""tf.data as it is by default: four pixels for each of the output, however much smaller that is. Less work than the
others do, and coarser pictures."""

import tf_data

tf_data.main(antialias=False, name="tf.data, not antialiased")
