#!/usr/bin/env python3
"""Lightning and Accelerate, where they are installed: whole epochs, and a resume in mid-epoch that is exact."""

import importlib.util
import logging
import pathlib
import tempfile
import unittest
import warnings

from support import fault_of, ids_of, loader


def needs(module):
    return unittest.skipUnless(importlib.util.find_spec(module), f"needs {module}")


class Stopped(Exception):
    pass


@needs("pytorch_lightning")
class Lightning(unittest.TestCase):
    def setUp(self):
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        self.addCleanup(logging.disable, logging.NOTSET)

    def fit(self, wrapped, stop_at=None, file=None, go_on=None):
        """Trains three epochs; returns the samples of each step and the weight at the end."""
        import pytorch_lightning
        import torch

        class Model(pytorch_lightning.LightningModule):
            def __init__(self):
                super().__init__()
                self.layer, self.seen = torch.nn.Linear(1, 1), []

            def training_step(self, batch, _):
                self.seen.append(tuple(ids_of(batch)))
                return self.layer(batch["label"].float()[:, None]).pow(2).mean()

            def configure_optimizers(self):
                return torch.optim.SGD(self.parameters(), 1e-4)

        class Stop(pytorch_lightning.Callback):
            def on_train_batch_end(self, trainer, *_):
                if trainer.global_step == stop_at:
                    trainer.save_checkpoint(file)
                    raise Stopped

        torch.manual_seed(0)
        model = Model()
        trainer = pytorch_lightning.Trainer(
            max_epochs=3, accelerator="cpu", logger=False, enable_progress_bar=False, enable_model_summary=False,
            enable_checkpointing=False, callbacks=[Stop()])
        try:
            trainer.fit(model, wrapped, ckpt_path=go_on, weights_only=False if go_on else None)
        except Stopped:
            pass
        return model.seen, model.layer.weight.item()

    def test_stopped_in_mid_epoch_and_resumed_it_is_the_undisturbed_run(self):
        for wrap in (lambda batches: batches, lambda batches: batches.as_torch()):
            with loader() as batches:
                seen, weight = self.fit(wrap(batches))
            self.assertEqual(len(seen), 21)
            for stop_at in (3, 7, 10):
                with self.subTest(stop_at=stop_at), tempfile.TemporaryDirectory() as folder:
                    file = pathlib.Path(folder) / "checkpoint"
                    with loader() as batches:
                        before, _ = self.fit(wrap(batches), stop_at, file)
                    with loader() as batches:
                        self.assertEqual(self.fit(wrap(batches), go_on=file), (seen[len(before):], weight))
                    self.assertEqual(before, seen[:stop_at])


@needs("accelerate")
class Accelerate(unittest.TestCase):
    def test_a_loader_passes_through_and_its_state_is_saved(self):
        from accelerate import Accelerator
        with tempfile.TemporaryDirectory() as folder:
            with loader() as batches:
                accelerator = Accelerator(cpu=True)
                self.assertIs(accelerator.prepare(batches), batches)
                accelerator.register_for_checkpointing(batches)
                for _, batch in zip(range(3), batches):
                    pass
                accelerator.save_state(folder)
            with loader() as batches:
                accelerator = Accelerator(cpu=True)
                accelerator.register_for_checkpointing(batches)
                accelerator.load_state(folder)
                self.assertEqual([fault_of(batch, number) for number, batch in enumerate(batches, 3)], [None] * 4)

    def test_a_torch_loader_is_prepared(self):
        from accelerate import Accelerator, DataLoaderConfiguration
        accelerator = Accelerator(cpu=True, dataloader_config=DataLoaderConfiguration(dispatch_batches=False))
        with loader() as batches:
            prepared = accelerator.prepare(batches.as_torch())
            for epoch in (0, 1):
                prepared.set_epoch(epoch)
                self.assertEqual([fault_of(batch, number) for number, batch in enumerate(prepared, 7 * epoch)],
                                 [None] * 7)


if __name__ == "__main__":
    unittest.main()
