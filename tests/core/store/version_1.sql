CREATE TABLE runs (
	run_id VARCHAR(12) NOT NULL,
	number INTEGER NOT NULL,
	name VARCHAR(80) NOT NULL,
	recipe TEXT NOT NULL,
	state VARCHAR(16) NOT NULL,
	message TEXT NOT NULL,
	created FLOAT NOT NULL,
	process_id INTEGER NOT NULL,
	steps_per_epoch INTEGER NOT NULL,
	num_validation INTEGER NOT NULL,
	step INTEGER NOT NULL,
	active_s FLOAT NOT NULL,
	precision VARCHAR(16) NOT NULL,
	PRIMARY KEY (run_id),
	UNIQUE (number)
);
CREATE TABLE epochs (
	run_id VARCHAR(12) NOT NULL,
	epoch INTEGER NOT NULL,
	loss FLOAT NOT NULL,
	accuracy FLOAT NOT NULL,
	val_loss FLOAT NOT NULL,
	val_accuracy FLOAT NOT NULL,
	learning_rate FLOAT NOT NULL,
	seconds FLOAT NOT NULL,
	images_per_s FLOAT NOT NULL,
	partial BOOLEAN NOT NULL,
	PRIMARY KEY (run_id, epoch),
	FOREIGN KEY(run_id) REFERENCES runs (run_id)
);
CREATE TABLE left_out (
	run_id VARCHAR(12) NOT NULL,
	"row" INTEGER NOT NULL,
	PRIMARY KEY (run_id, "row"),
	FOREIGN KEY(run_id) REFERENCES runs (run_id)
);
CREATE TABLE schema (
	version INTEGER NOT NULL
);
CREATE TABLE speeds (
	machine VARCHAR(120) NOT NULL,
	architecture VARCHAR(20) NOT NULL,
	precision VARCHAR(16) NOT NULL,
	flop_per_s FLOAT NOT NULL,
	step_s FLOAT NOT NULL,
	startup_s FLOAT NOT NULL,
	PRIMARY KEY (machine, architecture, precision)
);
CREATE TABLE test_openings (
	opening_id INTEGER NOT NULL,
	run_id VARCHAR(12) NOT NULL,
	epoch INTEGER NOT NULL,
	time FLOAT NOT NULL,
	num_right INTEGER NOT NULL,
	num_images INTEGER NOT NULL,
	PRIMARY KEY (opening_id)
);
CREATE TABLE verdicts (
	dataset VARCHAR(32) NOT NULL,
	"row" INTEGER NOT NULL,
	verdict VARCHAR(8) NOT NULL,
	time FLOAT NOT NULL,
	PRIMARY KEY (dataset, "row")
);
INSERT INTO "runs" VALUES('0123456789ab',1,'recipe-1','{"dataset": "digits", "validation_share": 0.2, "split_seed": 13, "leave_out_faults": true, "architecture": "recipe", "filters_1": 32, "filters_2": 64, "filters_3": 64, "filters_4": 64, "dense_units": 256, "batch_norm": true, "batch_norm_momentum": 0.99, "dropout_conv": 0.35, "dropout_dense": 0.5, "optimizer": "rmsprop", "learning_rate": 0.001, "schedule": "exponential", "decay": 0.9, "plateau_factor": 0.1, "plateau_patience": 10, "epochs": 12, "batch_size": 128, "rotation_deg": 10.0, "shift": 0.1, "zoom": 0.1, "shear_deg": 0.1, "styles": 0.0, "label_smoothing": 0.0, "precision": "auto", "seed": 13}','running','',1700000000.0,4194305,0,0,20,4.0,'');
INSERT INTO "epochs" VALUES('0123456789ab',1,1.0,0.8,0.3,0.91,0.001,2.0,640.0,false);
INSERT INTO "epochs" VALUES('0123456789ab',2,0.5,0.8,0.3,0.92,0.001,2.0,640.0,false);
INSERT INTO "left_out" VALUES('0123456789ab',4);
INSERT INTO "schema" VALUES(1);
INSERT INTO "speeds" VALUES('a machine','recipe','auto',1000000000.0,0.01,3.0);
INSERT INTO "test_openings" VALUES(1,'0123456789ab',2,1700000000.0,9900,10000);
INSERT INTO "verdicts" VALUES('digits',4,'fault',1700000000.0);
CREATE INDEX ix_test_openings_run_id ON test_openings (run_id);
